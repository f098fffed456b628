// One JSON line in: {"hex","secret","headers","body" (base64)}. One line out: true or false, as the sample of the help says.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"samples/webhooks"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var request struct {
			Hex     bool
			Secret  string
			Headers map[string]string
			Body    []byte
		}
		if err := json.Unmarshal(lines.Bytes(), &request); err != nil {
			panic(err)
		}
		header := http.Header{}
		for name, value := range request.Headers {
			header.Set(name, value)
		}
		check := webhooks.IsGenuine
		if request.Hex {
			check = webhooks.IsGenuineHex
		}
		fmt.Println(check(request.Body, header, request.Secret))
	}
}
