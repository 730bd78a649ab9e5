// Command markdown is the Go side of the example: it implements the interface that ts2go generated from markdown.ts
// with goldmark, a library that knows nothing of TypeScript.
package main

import (
	"bufio"
	"bytes"
	"context"
	"html"
	"net/url"
	"strings"
	"sync"

	"example.test/markdown/gen"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	goldhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"x.example/go/ts2go"
)

// markdown serves calls from many goroutines at once: goldmark allows that, and engines is safe by itself.
type markdown struct {
	engines sync.Map // engineOptions to goldmark.Markdown
}

// engineOptions are what goldmark wants to know when it is made, and not for each document.
type engineOptions struct{ gfm, unsafe, xhtml bool }

func (m *markdown) Render(_ context.Context, source string, options *gen.RenderOptions) (gen.Rendered, error) {
	if options == nil {
		options = &gen.RenderOptions{}
	}
	engine := m.engine(engineOptions{
		gfm:    value(options.Flavor) == gen.RenderOptionsFlavorGfm,
		unsafe: value(options.Unsafe),
		xhtml:  value(options.Xhtml),
	})
	src := []byte(source)
	pc := parser.NewContext()
	doc := engine.Parser().Parse(text.NewReader(src), parser.WithContext(pc))
	headings := adapt(doc, src, pc.IDs(), options)

	var out strings.Builder
	if err := engine.Renderer().Render(&out, src, doc); err != nil {
		return gen.Rendered{}, err
	}
	rendered := gen.Rendered{HTML: out.String(), Headings: headings}
	if len(headings) > 0 {
		rendered.Title = &headings[0].Text
	}
	return rendered, nil
}

// engine gives the goldmark for these options, which is made once.
func (m *markdown) engine(options engineOptions) goldmark.Markdown {
	if engine, ok := m.engines.Load(options); ok {
		return engine.(goldmark.Markdown)
	}
	var with []goldmark.Option
	if options.gfm {
		with = append(with, goldmark.WithExtensions(extension.GFM))
	}
	if options.unsafe {
		with = append(with, goldmark.WithRendererOptions(goldhtml.WithUnsafe()))
	}
	if options.xhtml {
		with = append(with, goldmark.WithRendererOptions(goldhtml.WithXHTML()))
	}
	engine, _ := m.engines.LoadOrStore(options, goldmark.New(with...))
	return engine.(goldmark.Markdown)
}

// adapt collects the headings of a parsed document and does to it what the options ask for.
func adapt(doc ast.Node, src []byte, ids parser.IDs, options *gen.RenderOptions) []gen.Heading {
	var headings []gen.Heading
	// The walker gives no error of its own, so there is none to look at.
	_ = ast.Walk(doc, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch node := node.(type) {
		case *ast.Heading:
			title := plainText(node, src)
			heading := gen.Heading{Level: uint8(node.Level), Text: title}
			if options.IDPrefix != nil {
				id := *options.IDPrefix + string(ids.Generate([]byte(title), ast.KindHeading))
				node.SetAttributeString("id", []byte(id))
				heading.ID = &id
			}
			headings = append(headings, heading)
		case *ast.Link:
			node.Destination = redirect(node.Destination, options)
		case *ast.Image:
			node.Destination = redirect(node.Destination, options)
		}
		return ast.WalkContinue, nil
	})
	return headings
}

// redirect is where a link goes once the document has moved into another page.
func redirect(destination []byte, options *gen.RenderOptions) []byte {
	if fragment, ok := bytes.CutPrefix(destination, []byte("#")); ok && options.IDPrefix != nil {
		return append([]byte("#"+*options.IDPrefix), fragment...)
	}
	if options.Base == nil || len(destination) == 0 || destination[0] == '/' || destination[0] == '#' {
		return destination
	}
	// What cannot be parsed stays as it is, and goldmark refuses it if it is dangerous.
	if u, err := url.Parse(string(destination)); err != nil || u.IsAbs() {
		return destination
	}
	return append([]byte(*options.Base), destination...)
}

// plainText is what a reader sees of a heading: escapes and entities resolved, markup and raw HTML left out.
func plainText(node ast.Node, src []byte) string {
	var buf bytes.Buffer
	out := bufio.NewWriter(&buf)
	// The walker gives no error of its own, so there is none to look at.
	_ = ast.Walk(node, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch node := node.(type) {
		case *ast.Text:
			write := goldhtml.DefaultWriter.Write
			if node.IsRaw() || node.Parent().Kind() == ast.KindCodeSpan {
				write = goldhtml.DefaultWriter.RawWrite
			}
			write(out, node.Value(src))
			if node.SoftLineBreak() || node.HardLineBreak() {
				write(out, []byte(" "))
			}
		case *ast.String:
			goldhtml.DefaultWriter.Write(out, node.Value)
		case *ast.AutoLink:
			goldhtml.DefaultWriter.RawWrite(out, node.Label(src))
		}
		return ast.WalkContinue, nil
	})
	_ = out.Flush() // into memory
	// goldmark's writer resolves what Markdown escapes and escapes what HTML must: the latter is undone here.
	return html.UnescapeString(buf.String())
}

// value is what an optional field holds, or the zero value where it is absent.
func value[T any](field *T) T {
	if field == nil {
		var zero T
		return zero
	}
	return *field
}

func main() { ts2go.Main(gen.ServeMarkdown(&markdown{})) }
