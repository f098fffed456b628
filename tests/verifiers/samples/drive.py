# One JSON line in: {"hex","secret","headers","body" (base64)}. One line out: true or false, as the sample of the help says.
import base64
import json
import sys

import verify

for line in sys.stdin:
    request = json.loads(line)
    check = verify.is_genuine_hex if request["hex"] else verify.is_genuine
    print(json.dumps(check(base64.b64decode(request["body"]), request["headers"], request["secret"])), flush=True)
