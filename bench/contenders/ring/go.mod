module example.test/bench/ring

go 1.24.0

require (
	example.test/bench v0.0.0
	x.example/go v0.0.0
)

require golang.org/x/sys v0.38.0 // indirect

replace (
	example.test/bench => ../../go
	x.example/go => ../../../go
)
