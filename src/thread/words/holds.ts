// Why nothing is done while a hold stands, and who may lift it.
import { unreachable } from "../../result.ts";
import type { DeliveryView, HoldView } from "../delivery-view.ts";
import { command } from "./commands.ts";
import { moment, person } from "./phrase.ts";

const sentence = ({ hold, login }: HoldView, view: DeliveryView): string => {
  switch (hold) {
    case "hold":
      return `${login === null ? "Somebody put it on hold. " : ""}${command(view.settings.prefix, "resume")} continues.`;
    case "freeze":
      return "The repository or the installation is frozen. It continues when the freeze is lifted.";
    case "issue_closed":
      return "The issue is closed. Reopen it to continue.";
    case "unlabeled":
      return "The label was taken off. Put it back to continue.";
    case "suspended":
      return "The installation of the app is suspended. It continues when an owner unsuspends it.";
    case "archived":
      return "A repository is archived. Unarchive it to continue.";
    case "source_inactive":
      return "The operator has taken the repository out of service.";
    default:
      return unreachable(hold);
  }
};

const since = ({ since: at, login }: HoldView): string =>
  at === null ? "" : ` (${moment(at)}${login === null ? "" : ` by ${person(login)}`})`;

/** One sentence for each hold that stands; empty when there is none. */
export const holdWords = (view: DeliveryView): string =>
  view.holds.map((one) => `**On hold**${since(one)}. ${sentence(one, view)}`).join(" ");
