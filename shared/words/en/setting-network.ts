/**
 * Words of shared/settings/network.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const networkSettings = {
  "settingGroup.network": "Network",
  "setting.AllowedProtocols": "Networks",
  "setting.AllowedProtocols.hint": "The kinds of chat networks that may be used.",
  "setting.AllowedProtocols.it":
    "Accounts of a protocol that is not named cannot be added and do not sign in; those that are signed in are signed out.",
  "setting.AllowedServers": "Servers",
  "setting.AllowedServers.hint": "The servers that Hallway may connect to.",
  "setting.AllowedServers.it":
    "Host names that may be connected to; an asterisk and a dot before a name stand for all below it, an asterisk alone for every host. The name is that of the host that is connected to, after service discovery.",
  "setting.FederationMode": "People outside the organization",
  "setting.FederationMode.hint": "With whom you may talk outside your organization.",
  "setting.FederationMode.it":
    "Open: with everyone but BlockedDomains. List: only with AllowedDomains. None: only with the domains of the person’s own accounts, which are always inside. It counts for messages, presence, rooms and files, in both directions.",
  "setting.FederationMode.open": "Everyone",
  "setting.FederationMode.list": "Listed domains",
  "setting.FederationMode.none": "Nobody",
  "setting.AllowedDomains": "Allowed domains",
  "setting.AllowedDomains.hint": "The organizations that you may talk with.",
  "setting.AllowedDomains.it":
    "Domains outside the own ones with which one may talk when FederationMode is list; an asterisk and a dot before a name stand for all below it.",
  "setting.BlockedDomains": "Blocked domains",
  "setting.BlockedDomains.hint": "Organizations that you cannot talk with.",
  "setting.BlockedDomains.it":
    "Domains with which nobody talks, also when AllowedDomains or FederationMode would let them; an asterisk alone blocks every domain outside the own ones.",
  "setting.GatewaysEnabled": "Gateways to other networks",
  "setting.GatewaysEnabled.hint": "Whether you can use accounts of other networks through your server.",
  "setting.GatewaysEnabled.it":
    "Off: nobody behind a gateway is written to, added or heard, on every network. A gateway is known by what the services of the person’s own XMPP server say of themselves (XEP-0100), and by an address that holds another one before the @, as in bob*sip.example, bob%sip.example or bob\\40sip.example. A gateway of another organization whose addresses look like any others is not recognized; use AllowedDomains for those. Registering with a gateway is not in this version.",
  "setting.ProxySettings": "Proxy",
  "setting.ProxySettings.hint": "How Hallway gets out of your organization’s network.",
  "setting.ProxySettings.it":
    "System: as the system is set. Direct: none. Fixed: an HTTP, HTTPS or SOCKS5 proxy, with names that bypass it. Script: a proxy auto-configuration file. Blocked, and settings that cannot be used, let no connection stand. A proxy that does not answer is an error, never a reason to go without it. A fixed proxy resolves the names of servers, and nobody else is asked about them: service records (SRV) are then unknown, and the server’s address is tried itself unless the account says more. System reads the desktop’s settings under Electron, and https_proxy, all_proxy and no_proxy where there is no desktop to ask; Script needs Electron, and no connection stands without it. A password cannot stand here.",
  "setting.LinkLookupsEnabled": "Link previews",
  "setting.LinkLookupsEnabled.hint": "Whether Hallway looks at a page to show what a link leads to.",
  "setting.LinkLookupsEnabled.it":
    "Off: Hallway never fetches what is behind a link, so that no other server learns of it.",
} as const;
