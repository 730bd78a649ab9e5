/** The ends of a ring in memory, and nothing else: they never wait. */
export { RawConsumer } from "./consumer.js";
export type { Bell, Place } from "./place.js";
export { RawProducer } from "./producer.js";
