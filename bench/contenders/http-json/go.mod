module example.test/bench/http-json

go 1.24.0

require example.test/bench v0.0.0

replace example.test/bench => ../../go
