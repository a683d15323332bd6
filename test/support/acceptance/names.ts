/** The repository of every place. */
export const repository = 'acme/shop';
/** Who may write to it. */
export const mona = 'mona';
