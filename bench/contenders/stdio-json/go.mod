module example.test/bench/stdio-json

go 1.24.0

require example.test/bench v0.0.0

replace example.test/bench => ../../go
