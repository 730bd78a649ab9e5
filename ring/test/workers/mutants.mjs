// Producers that break the protocol on purpose, each in one place. What finds lost wake-ups has to find theirs.
import { native, Producer } from "@x/mem-ring";

/** Lingers where it is wrong, for about as long as the other end takes to fall asleep: found sooner that way. */
function linger() {
  for (let i = Math.random() * 200; i > 0; i--) native.cpuCount();
}

class ReadsSleepingFirst extends Producer {
  publish() {
    if (this.tail === this.published) return;
    this.published = this.tail;
    const asleep = Atomics.load(this.words, this.sleepingWord) !== 0;
    linger();
    Atomics.store(this.words, this.tailWord, this.tail);
    if (asleep && Atomics.exchange(this.words, this.sleepingWord, 0) !== 0) this.ring();
  }
}

class StoresTailPlainly extends Producer {
  publish() {
    if (this.tail === this.published) return;
    this.published = this.tail;
    // Release and acquire are no more than this on x86: the load may overtake the store.
    this.words[this.tailWord] = this.tail;
    if (Atomics.load(this.words, this.sleepingWord) !== 0 && Atomics.exchange(this.words, this.sleepingWord, 0) !== 0)
      this.ring();
  }
}

class DoesNotRing extends Producer {
  ring() {}
}

class DoesNotLookAgain extends Producer {
  waitForSpace() {
    linger();
    Atomics.store(this.words, this.spaceWord, 1);
    return false;
  }
}

class LooksBeforeItSetsSpace extends Producer {
  waitForSpace() {
    if (this.lookAgain()) return true;
    linger();
    Atomics.store(this.words, this.spaceWord, 1);
    return false;
  }
}

export const producers = {
  "as it is": Producer,
  "reads sleeping before it stores tail": ReadsSleepingFirst,
  "stores tail without ordering": StoresTailPlainly,
  "does not ring": DoesNotRing,
  "does not look again after it has set space": DoesNotLookAgain,
  "looks before it sets space": LooksBeforeItSetsSpace,
};
