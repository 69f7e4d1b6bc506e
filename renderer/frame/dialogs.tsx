import {
  AddAccountDialog,
  EditAccountDialog,
  PasswordDialog,
  RemoveAccountDialog,
} from "../accounts/account-dialogs.tsx";
import { KeyDialog } from "../accounts/key-dialog.tsx";
import { PresenceDialog } from "../accounts/presence-dialog.tsx";
import { DeleteMessageDialog } from "../conversation/delete-message-dialog.tsx";
import { DetailsDrawer } from "../conversation/details.tsx";
import { LinkDialog } from "../conversation/link-dialog.tsx";
import { DeleteDialog } from "../history/delete-dialog.tsx";
import { ExportDialog } from "../history/export-dialog.tsx";
import { AskAgainDialog } from "../roster/ask-again.tsx";
import { BlockDialog } from "../roster/block-dialog.tsx";
import { AddContactDialog, GroupsDialog, RemoveContactDialog, RenameDialog } from "../roster/contact-dialogs.tsx";
import { NewChatDialog } from "../roster/new-chat-dialog.tsx";
import { useApp } from "../state/app-context.ts";
import { Palette } from "./palette.tsx";

/** The dialog that is open, if any. */
export function Dialogs() {
  const { ui, replica } = useApp();
  const state = ui.dialog.value;
  if (state === undefined) return null;
  const onClose = (): void => {
    if (ui.dialog.peek() === state) ui.dialog.value = undefined;
  };
  switch (state.kind) {
    case "palette":
      return <Palette onClose={onClose} />;
    case "details":
      return <DetailsDrawer id={state.conversationId} onClose={onClose} />;
    case "block":
      return <BlockDialog {...state} onClose={onClose} />;
    case "presence":
      return <PresenceDialog onClose={onClose} />;
    case "export":
      return <ExportDialog {...state} onClose={onClose} />;
    case "key":
      return <KeyDialog {...state} onClose={onClose} />;
    case "add-contact":
      return <AddContactDialog {...state} onClose={onClose} />;
    case "new-chat":
      return <NewChatDialog {...state} onClose={onClose} />;
    case "rename":
      return <RenameDialog contactId={state.contactId} onClose={onClose} />;
    case "groups":
      return <GroupsDialog contactId={state.contactId} onClose={onClose} />;
    case "ask-again":
      return <AskAgainDialog {...state} onClose={onClose} />;
    case "remove-contact":
      return <RemoveContactDialog contactId={state.contactId} onClose={onClose} />;
    case "delete-message":
      return <DeleteMessageDialog {...state} onClose={onClose} />;
    case "delete-history":
      return <DeleteDialog {...state} onClose={onClose} />;
    case "open-link":
      return <LinkDialog url={state.url} onClose={onClose} />;
    case "add-account":
      return <AddAccountDialog onClose={onClose} />;
    default: {
      const account = replica.accounts.get(state.accountId);
      if (account === undefined) return null;
      if (state.kind === "edit-account") return <EditAccountDialog account={account} onClose={onClose} />;
      if (state.kind === "password") return <PasswordDialog account={account} onClose={onClose} />;
      return <RemoveAccountDialog account={account} onClose={onClose} />;
    }
  }
}
