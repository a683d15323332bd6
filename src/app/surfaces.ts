/** How the default branch wants Sallyport to talk, as far as the App writes it. */
export interface CommentStyle {
  readonly labels: boolean;
  /** Templates that can be used; `null`: the built-in text. */
  readonly deployment: string | null;
  readonly refusal: string | null;
}

/** A check run that this App wrote or found. */
export interface KnownCheck {
  readonly id: number;
  readonly isCompleted: boolean;
}

/**
 * What an App remembers of what it shows in a repository besides comments. All of it may be lost:
 * check runs are found again on GitHub, labels and templates are read anew.
 */
export class Surfaces {
  /** By deployment. */
  readonly checks = new Bounded<number, KnownCheck>();
  /** What whoever pressed a button was told, by deployment, as Markdown. */
  readonly notices = new Bounded<number, string>();
  /** What of a deployment was shown last, by deployment. */
  readonly shown = new Bounded<number, string>();
  /** The labels of an environment as they were last set. */
  readonly labels = new Bounded<string, string>();
  style: Promise<CommentStyle> | null = null;
  /** When `style` is to be read again, in ms since 1970. */
  styleUntil = 0;
  /** GitHub refused check runs: none is tried before this time, in ms since 1970. */
  refusedUntil = 0;
}

/** The oldest of more than these are forgotten. */
const capacity = 500;

/** A map that forgets what was set longest ago. */
class Bounded<Key, Value> extends Map<Key, Value> {
  override set(key: Key, value: Value): this {
    this.delete(key);
    super.set(key, value);
    const [oldest] = this.keys();
    if (this.size > capacity && oldest !== undefined) this.delete(oldest);
    return this;
  }
}
