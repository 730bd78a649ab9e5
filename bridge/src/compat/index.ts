/**
 * Connections between two versions of one interface. Go lays its structs out by its own version and knows of no other,
 * so this side adapts: encoders and decoders that are put together from both schemas when the hands are shaken. They are
 * slower than generated ones, and loaded only where the versions differ.
 */
export { AdaptedChannel } from "./channel.js";
export { AdaptedMethods } from "./methods.js";
export { AdaptedProviders } from "./providers.js";
