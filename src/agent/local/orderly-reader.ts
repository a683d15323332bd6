import { LedgerReader, type Reading } from '../../deploy/reader.ts';
import { InTurn } from '../../model/in-turn.ts';

/** A reader that several people may ask at the same time: it reads for one after the other. */
export class OrderlyReader extends LedgerReader {
  readonly #order = new InTurn();

  override refresh(signal?: AbortSignal): Promise<Reading> {
    return this.#order.run(() => super.refresh(signal));
  }
}
