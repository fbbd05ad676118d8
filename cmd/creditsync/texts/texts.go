// Package texts is the one catalogue of sentences for people, Chinese first, English by choice. Every code of a fault, a
// reason or a state has a sentence in each language; a test holds it so. A library's English error stands behind our
// sentence, never alone.
//
// It promises that no error is ever silent: a code without a sentence is shown as it is. It does not promise that a
// sentence stays the same from version to version: programs read codes, people read sentences.
package texts

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// text is one sentence: %[1]s and so on stand for the arguments.
type text struct{ code, zh, en string }

// tables are the sentences of all rooms, a table each.
func tables() [][]text {
	return [][]text{
		ownTexts(),
		cmdTexts(),
		configTexts(),
		deadlineTexts(),
		draftTexts(),
		engineTexts(),
		identityTexts(),
		jobsTexts(),
		mappingTexts(),
		platformTexts(),
		registryTexts(),
		ruleLifeTexts(),
		simulationTexts(),
		siteTexts(),
		sourceTexts(),
		storeTexts(),
	}
}

// ownTexts are the sentences that belong to no room.
func ownTexts() []text {
	return []text{
		{"error.unexpected",
			"出现程序没有预料到的情况：%[1]s。请把这一行连同日志交给维护人员。",
			"something happened that the program did not expect: %[1]s. Hand this line and the log to your support."},
		{"error.at", "%[1]s 第 %[2]s 行第 %[3]s 列：%[4]s", "%[1]s, line %[2]s, column %[3]s: %[4]s"},
		{"error.in_file", "%[1]s：%[2]s", "%[1]s: %[2]s"},
		{"error.place", "位置：%[1]s", "place: %[1]s"},
		{"error.words", "对方原话：%[1]s", "the other side's words: %[1]s"},
		{"error.detail", "技术细节：%[1]s", "detail: %[1]s"},
	}
}

// Catalogue is every sentence in one language. It is never changed after New and serves many goroutines.
type Catalogue struct {
	lang      string
	sentences map[string]string
}

// New is the catalogue in lang, "zh" or "en" (a locale such as "en_US.UTF-8" will do); anything else gives Chinese.
func New(lang string) *Catalogue {
	c := &Catalogue{lang: "zh", sentences: make(map[string]string)}
	if strings.HasPrefix(strings.ToLower(lang), "en") {
		c.lang = "en"
	}
	for _, t := range slices.Concat(tables()...) {
		c.sentences[t.code] = t.zh
		if c.lang == "en" {
			c.sentences[t.code] = t.en
		}
	}
	return c
}

// Lang is "zh" or "en".
func (c *Catalogue) Lang() string { return c.lang }

// Has says whether code has a sentence.
func (c *Catalogue) Has(code string) bool {
	_, ok := c.sentences[code]
	return ok
}

// Say is the sentence of code with its arguments filled in. A code without a sentence is said as it is, with its
// arguments, and an argument that was not given stays visible as its placeholder: nothing is hidden.
func (c *Catalogue) Say(code string, args ...any) string {
	sentence, ok := c.sentences[code]
	if !ok {
		return strings.TrimSpace(code + " " + strings.TrimSuffix(fmt.Sprintln(args...), "\n"))
	}
	pairs := make([]string, 0, 2*len(args))
	for i, a := range args {
		pairs = append(pairs, fmt.Sprintf("%%[%d]s", i+1), fmt.Sprint(a))
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

// coded is what a user-facing error has: the catalogue's code and what fills its sentence.
type coded interface {
	error
	Code() string
	Arguments() []string
}

// Error is what a person reads of err, a line for each error that err joins. For an error with a code that is its
// sentence, with the place and the far side's own words if it has them, and a library's error behind it.
func (c *Catalogue) Error(err error) string {
	if err == nil {
		return ""
	}
	var lines []string
	for _, e := range parts(err) {
		lines = append(lines, c.one(e))
	}
	return strings.Join(lines, "\n")
}

func (c *Catalogue) one(err error) string {
	var e coded
	if !errors.As(err, &e) {
		return c.Say("error.unexpected", err)
	}
	args := make([]any, len(e.Arguments()))
	for i, a := range e.Arguments() {
		args[i] = a
	}
	return c.surround(e, c.Say(e.Code(), args...))
}
