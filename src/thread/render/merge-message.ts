// The message of the commits that merging makes, as the digest of a ship covers it.
import { codeSpan, fence } from "../defuse.ts";
import type { DeliveryView, ShipView } from "../delivery-view.ts";
import { blocks, fold } from "../words/phrase.ts";

/** Null where all commits come as they are. */
export const mergeMessages = ({ repositories }: DeliveryView, content: ShipView["content"]): string | null => {
  const said = content.merges.flatMap(({ repoId, pullRequest, message }) =>
    message === null ? [] : [{ repoId, pullRequest, message }],
  );
  if (said.length === 0) return null;
  const several = content.merges.length > 1;
  return fold(
    said.length === 1
      ? "Message of the commit that merging makes"
      : `Messages of the ${said.length} commits that merging makes`,
    blocks(
      "Lines follow it that name the delivery, the write and who approved.",
      ...said.flatMap(({ repoId, pullRequest, message: { title, body } }) => {
        const name = repositories.find((one) => one.repoId === repoId)?.name;
        const words = fence(body === "" ? title : `${title}\n\n${body}`);
        return several ? [`${codeSpan(`${name ?? repoId}#${pullRequest}`)}:`, words] : [words];
      }),
    ),
  );
};
