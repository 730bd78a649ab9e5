module example.test/conformance

go 1.24.0

require x.example/go v0.0.0

require golang.org/x/sys v0.38.0 // indirect

replace x.example/go => ../../go
