// Producers that break the protocol on purpose, each in one place. What finds lost wake-ups has to find theirs.
import { native, RawProducer } from "@x/mem-ring/channel";

/** Lingers where it is wrong, for about as long as the other end takes to fall asleep: found sooner that way. */
function linger() {
  for (let i = Math.random() * 200; i > 0; i--) native.cpuCount();
}

class ReadsSleepingFirst extends RawProducer {
  publish() {
    if (this.tail === this.published) return;
    this.published = this.tail;
    const asleep = Atomics.load(this.words, this.sleepingWord) !== 0;
    linger();
    Atomics.store(this.words, this.tailWord, this.tail);
    if (asleep && Atomics.exchange(this.words, this.sleepingWord, 0) !== 0) this.ring();
  }
}

class StoresTailPlainly extends RawProducer {
  publish() {
    if (this.tail === this.published) return;
    this.published = this.tail;
    // Release and acquire are no more than this on x86: the load may overtake the store.
    this.words[this.tailWord] = this.tail;
    if (Atomics.load(this.words, this.sleepingWord) !== 0 && Atomics.exchange(this.words, this.sleepingWord, 0) !== 0)
      this.ring();
  }
}

class DoesNotRing extends RawProducer {
  ring() {}
}

class DoesNotLookAgain extends RawProducer {
  arm() {
    linger();
    Atomics.store(this.words, this.spaceWord, 1);
    return true;
  }
}

class LooksBeforeItSetsSpace extends RawProducer {
  arm() {
    if (this.look() > 0) return false;
    linger();
    Atomics.store(this.words, this.spaceWord, 1);
    return true;
  }
}

export const producers = {
  "as it is": RawProducer,
  "reads sleeping before it stores tail": ReadsSleepingFirst,
  "stores tail without ordering": StoresTailPlainly,
  "does not ring": DoesNotRing,
  "does not look again after it has set space": DoesNotLookAgain,
  "looks before it sets space": LooksBeforeItSetsSpace,
};
