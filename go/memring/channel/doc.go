// Package channel is the memory that the bridge's two ends share: a Region with two rings of entries, one each way, and
// an arena for bodies beside each. It knows nothing of calls. The ends of the rings are package memring's.
package channel
