module example.test/markdown

go 1.24.0

require (
	github.com/yuin/goldmark v1.8.7
	x.example/go v0.0.0
)

require golang.org/x/sys v0.38.0 // indirect

replace x.example/go => ../../go
