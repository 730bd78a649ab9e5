// Package image reads and writes bodies: request and response images in Go's own memory layout.
//
// An image is one contiguous run of bytes: the root value first, then everything that it refers to. A string is
// {ptr, len}, a slice {ptr, len, cap}, an optional value a pointer; all are 8-byte words, and a pointer is the address
// that the byte has where Go maps the region. nil is the only empty reference. The mirror of this package is
// bridge/src/image/; the methods have the same names.
//
// A few types have a form of their own, because Go's is nobody else's business: a map is a slice of its entries (key,
// then value, laid out as a struct of the two), a set a slice of its elements, a time its milliseconds since 1970 as an
// int64, and a value of a union {number of the member from 1 as uint32, pointer}, with 0 for none. A field that has only
// one value is not there.
//
// Generated code calls this package with offsets that the generator computed from Go's layout rules. It trusts those
// offsets, and nothing that it reads: every ref is loaded once into a local and that local is checked before use, so
// that nothing a peer writes later can matter.
package image
