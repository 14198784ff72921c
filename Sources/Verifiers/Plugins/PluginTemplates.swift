/// What `verifiers new` writes. Each template is a whole verifier: exact match, a null score where there is no reference.
enum PluginTemplates {
  static let python = #"""
    """A verifier: JSON lines in, one verdict a line out, in any order."""
    import json
    import sys


    def judge(request):
        """A score from 0 to 1, or None for "cannot judge"; request has gold, response, prompt, meta."""
        gold = request["gold"]
        if gold is None:
            return {"score": None, "reason": "the row has no reference"}
        answer = request["response"].rsplit("</think>", 1)[-1].strip()
        golds = gold if isinstance(gold, list) else [gold]
        right = any(answer.lower() == str(g).strip().lower() for g in golds)
        return {"score": int(right), "extracted": answer[:200], "outcome": "equal" if right else "different"}


    print(json.dumps({"v": 1, "ready": True, "name": "NAME"}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        reply = judge(request)
        reply["id"] = request["id"]
        print(json.dumps(reply), flush=True)

    """#

  static let swift = #"""
    // A verifier: JSON lines in, one verdict a line out, in any order.
    import Foundation

    /// A score from 0 to 1, or NSNull for "cannot judge".
    func judge(gold: Any?, response: String, meta: [String: Any]) -> [String: Any] {
      guard let gold, !(gold is NSNull) else { return ["score": NSNull(), "reason": "the row has no reference"] }
      let answer = response.components(separatedBy: "</think>").last ?? ""
      let bare = answer.trimmingCharacters(in: .whitespacesAndNewlines)
      let golds = gold as? [Any] ?? [gold]
      let isRight = golds.contains { bare.lowercased() == "\($0)".trimmingCharacters(in: .whitespacesAndNewlines).lowercased() }
      return ["score": isRight ? 1 : 0, "extracted": String(bare.prefix(200)), "outcome": isRight ? "equal" : "different"]
    }

    func write(_ object: [String: Any]) {
      guard let data = try? JSONSerialization.data(withJSONObject: object) else { return }
      FileHandle.standardOutput.write(data + Data("\n".utf8))
    }

    write(["v": 1, "ready": true, "name": "NAME"])
    while let line = readLine() {
      guard let request = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else { exit(1) }
      var reply = judge(
        gold: request["gold"], response: request["response"] as? String ?? "", meta: request["meta"] as? [String: Any] ?? [:])
      reply["id"] = request["id"] as? String ?? ""
      write(reply)
    }

    """#

  static let sh = #"""
    #!/bin/sh
    # A verifier in plain sh: JSON lines in, one verdict a line out.
    #
    # The host writes its keys in a fixed order and without spaces: v, id, step, gold, response, prompt, meta. Inside a
    # JSON string every quote has a backslash before it, so ,"response": can only be the key: cutting there is safe.
    LC_ALL=C
    set -f
    between() {
      printf '%s\n' "$line" | awk -v a="$1" -v b="$2" '{
        start = index($0, a); if (!start) exit
        rest = substr($0, start + length(a)); print substr(rest, 1, index(rest, b) - 1)
      }'
    }
    trim() { printf '%s\n' "$1" | sed 's/.*<\/think>//; s/\\[ntr]/ /g; s/^ *//; s/ *$//' | tr 'A-Z' 'a-z'; }
    printf '%s\n' '{"v":1,"ready":true,"name":"NAME"}'
    while IFS= read -r line; do
      id=$(between '"id":"' '"')
      gold=$(between ',"gold":' ',"response":"')
      response=$(between ',"response":"' '","prompt":')
      case $gold in
        '"'*'"')
          gold=${gold#'"'}
          gold=${gold%'"'}
          ;;
        null)
          printf '{"id":"%s","score":null,"reason":"the row has no reference"}\n' "$id"
          continue
          ;;
      esac
      if [ "$(trim "$response")" = "$(trim "$gold")" ]; then score=1; else score=0; fi
      printf '{"id":"%s","score":%s}\n' "$id" "$score"
    done

    """#
}
