// GitHub's objects that several of its answers have in common, and what we make of them.
import { z } from "zod";
import { CommentId, UserId } from "../ids.ts";
import { instant } from "../instant.ts";
import type { Page } from "./answer.ts";
import type { Account, CommentFacts } from "./reading.ts";

export const Time = z.iso.datetime({ offset: true }).transform((text) => instant(text));

/** The account that GitHub shows for people who are gone. It has no role anywhere. */
const GHOST: Account = { id: UserId.parse(10137), login: "ghost", type: "User" };

/** A kind of account that we do not know has no authority: it is taken for a placeholder. */
const AccountType = z.enum(["User", "Bot", "Organization", "Mannequin"]).catch("Mannequin");

export const AccountAnswer = z.object({ id: UserId, login: z.string().min(1), type: AccountType });

export const AuthorAnswer = AccountAnswer.nullable().transform((account): Account => account ?? GHOST);

export const CommentAnswer = z
  .object({
    id: CommentId,
    node_id: z.string(),
    body: z.string().nullish(),
    user: AuthorAnswer,
    performed_via_github_app: z.object({ id: z.number().int() }).nullish(),
    created_at: Time,
    updated_at: Time,
    html_url: z.string(),
  })
  .transform((comment) => ({
    facts: {
      id: comment.id,
      body: comment.body ?? "",
      author: comment.user,
      viaAppId: comment.performed_via_github_app?.id ?? null,
      createdAt: comment.created_at,
      updatedAt: comment.updated_at,
    } satisfies CommentFacts,
    nodeId: comment.node_id,
    url: comment.html_url,
  }));

/** A page that is a plain array. */
export const pageOf = <T>(item: z.ZodType<T>): z.ZodType<Page<T>> =>
  z.array(item).transform((items) => ({ items, total: null }));
