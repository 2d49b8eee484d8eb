/** Always: every missing block enters, as in libCacheSim and in most serving engines. */
import { Admitter } from "./admitter";

@final export class Always extends Admitter {
  filters(): bool {
    return false;
  }
}
