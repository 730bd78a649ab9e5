module example.test/bench

go 1.24.0
