/** How one of their features is answered: by the cases that name it, by a group of ours, or by none, with the reason. */
export type Row =
  | { readonly by: "cases" }
  | { readonly by: "group"; readonly title: string }
  | { readonly by: "none"; readonly reason: string };

/** One or more cases of ours. */
export const CASES: Row = { by: "cases" };

/** All cases of a group of ours. */
export const group = (title: string): Row => ({ by: "group", title });

/** Nothing that a transport of ours could have. */
export const inapplicable = (reason: string): Row => ({ by: "none", reason: `not applicable: ${reason}` });

/** What could be there, and is not to be. */
export const unwanted = (reason: string): Row => ({ by: "none", reason: `not wanted: ${reason}` });
