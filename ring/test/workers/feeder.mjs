// Produces numbered entries on other threads' rings, at a random pace.
import { workerData } from "node:worker_threads";
import { Doorbell, layout, native, RawProducer, toNode } from "@x/mem-ring/channel";

const { rings, count, lockstep = false, mute = false } = workerData;
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const ends = rings.map(({ buffer, header, nodeDoorbell }) => {
  const direction = toNode(header);
  return {
    words: new Int32Array(buffer),
    direction,
    producer: new RawProducer(buffer, direction, new Doorbell(nodeDoorbell)),
    sent: 0,
  };
});

function send(end) {
  const { words, direction, producer } = end;
  const at = producer.claim();
  if (at < 0) return false;
  words[(at + layout.ENTRY_CALL_ID) >>> 2] = end.sent++;
  if (mute) {
    // Once the other sleeps, somebody overwrites its flag.
    while (Atomics.load(words, direction.sleeping >>> 2) !== 1) pause(1);
    pause(30);
    Atomics.store(words, direction.sleeping >>> 2, 0);
  }
  producer.publish();
  return true;
}

if (lockstep) {
  const [end] = ends;
  const { words, direction } = end;
  for (let i = 0; i < count; i++) {
    if (!send(end)) throw new Error("the ring is full, though the last entry was read");
    while (Atomics.load(words, direction.head >>> 2) !== Atomics.load(words, direction.tail >>> 2)) native.cpuCount();
    // Every now and then long enough for the other to go to sleep.
    if (Math.random() < 0.1) pause(Math.random());
  }
} else {
  while (ends.some((end) => end.sent < count)) {
    for (const end of ends) {
      for (let i = Math.random() * 4; i > 0 && end.sent < count; i--) if (!send(end)) break;
    }
    pause(Math.random() * 2);
  }
}
// The end of this thread would wake the other's event loop: it must find what was published without that.
pause(Number.POSITIVE_INFINITY);
