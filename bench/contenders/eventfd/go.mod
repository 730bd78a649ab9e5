module example.test/bench/eventfd

go 1.24.0
