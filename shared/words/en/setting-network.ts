/**
 * Words of shared/settings/network.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const networkSettings = {
  "settingGroup.network": "Network",
  "setting.AllowedProtocols": "Networks",
  "setting.AllowedProtocols.hint": "The kinds of messaging networks that may be used.",
  "setting.AllowedProtocols.it":
    "Accounts of a protocol that is not listed cannot be added and do not sign in; those that are signed in are signed out.",
  "setting.AllowedServers": "Servers",
  "setting.AllowedServers.hint": "The servers that Hallway may connect to.",
  "setting.AllowedServers.it":
    "Host names to which connections are allowed; an asterisk and a dot before a name stand for all names below it, an asterisk alone for every host. The name that counts is that of the host to which Hallway connects, after service discovery.",
  "setting.FederationMode": "People outside the organization",
  "setting.FederationMode.hint": "The people outside your organization you may talk to.",
  "setting.FederationMode.it":
    "Open: everyone except BlockedDomains. List: only AllowedDomains. None: only the domains of the person’s own accounts, which are always inside. This applies to messages, presence, rooms and files, in both directions.",
  "setting.FederationMode.open": "Everyone",
  "setting.FederationMode.list": "Listed domains",
  "setting.FederationMode.none": "Nobody",
  "setting.AllowedDomains": "Allowed domains",
  "setting.AllowedDomains.hint": "The organizations you may talk to.",
  "setting.AllowedDomains.it":
    "Domains besides the person’s own that they may talk to when FederationMode is list; an asterisk and a dot before a name stand for all names below it.",
  "setting.BlockedDomains": "Blocked domains",
  "setting.BlockedDomains.hint": "Organizations you cannot talk to.",
  "setting.BlockedDomains.it":
    "Domains that nobody may talk to, even if AllowedDomains or FederationMode allows it; an asterisk alone blocks every domain besides the person’s own.",
  "setting.GatewaysEnabled": "Gateways to other networks",
  "setting.GatewaysEnabled.hint": "Whether you can use accounts of other networks through your server.",
  "setting.GatewaysEnabled.it":
    "Off: messages to and from people behind a gateway are refused and they cannot be added, on every network. A gateway is recognized by what the services of the person’s own XMPP server say about themselves (XEP-0100), and by an address that contains another one before the @, as in bob*sip.example, bob%sip.example or bob\\40sip.example. A gateway of another organization whose addresses look like any others is not recognized; use AllowedDomains for those. Registering with a gateway is not in this version.",
  "setting.ProxySettings": "Proxy",
  "setting.ProxySettings.hint": "How Hallway connects through your organization’s network.",
  "setting.ProxySettings.it":
    "System: the system’s settings. Direct: no proxy. Fixed: an HTTP, HTTPS or SOCKS5 proxy, with names that bypass it. Script: a proxy auto-configuration file. Blocked, and settings that cannot be used, allow no connection. A proxy that does not answer is an error, never a reason to connect without it. A fixed proxy resolves the names of servers, and nobody else is asked about them: service records (SRV) are then unknown, and Hallway tries the domain of the address itself unless the account names a server. System reads the desktop’s settings under Electron, and https_proxy, all_proxy and no_proxy where there is no desktop to ask; Script needs Electron, and allows no connection without it. A password cannot be set here.",
  "setting.LinkLookupsEnabled": "Link previews",
  "setting.LinkLookupsEnabled.hint": "Whether Hallway loads a page to show a preview of a link.",
  "setting.LinkLookupsEnabled.it":
    "Off: Hallway never loads what is behind a link, so that no other server learns of it.",
} as const;
