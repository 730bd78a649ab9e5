// Package image reads and writes bodies: request and response images in Go's own memory layout.
//
// An image is one contiguous run of bytes: the root value first, then everything that it refers to. A string is
// {ptr, len}, a slice {ptr, len, cap}, an optional value a pointer; all are 8-byte words, and a pointer is the address
// that the byte has where Go maps the region. nil is the only empty reference. The mirror of this package is
// bridge/src/image/; the methods have the same names.
//
// Generated code calls this package with offsets that the generator computed from Go's layout rules. It trusts those
// offsets, and nothing that it reads: every ref is loaded once into a local and that local is checked before use, so
// that nothing a peer writes later can matter.
package image
