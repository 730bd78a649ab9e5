module mem-ring.test/peer

go 1.24.0

require (
	golang.org/x/sys v0.38.0
	x.example/go v0.0.0
)

replace x.example/go => ../../../go
