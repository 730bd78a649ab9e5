/** Groups that have no cases yet, because the feature is not there yet. A line moves to `cases` with its first case. */
export const LATER: readonly { readonly title: string; readonly about: string }[] = [
  { title: "Trace context", about: "the W3C's, through both ends" },
];
