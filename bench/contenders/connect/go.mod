module example.test/bench/connect

go 1.26.0

require (
	connectrpc.com/connect/v2 v2.0.2
	example.test/bench v0.0.0
	google.golang.org/protobuf v1.36.12
)

replace example.test/bench => ../../go
