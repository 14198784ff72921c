import AutoThink

extension Primer {
  /// A worked response to an item: the right answer, a rationale that says how many steps there are and, in on mode, a
  /// thought that writes every step.
  ///
  /// A short chain is overthought the way large models do it: the result, the working, and the working again. A long one
  /// is worked once. The wording varies with `variation`; everything else is a function of the item.
  ///
  /// - Throws: `PrimerError.foreignItem` when the prompt is not of the suite.
  public static func trace(_ item: TaskItem, mode: ThinkMode, variation: Int = 0) throws -> AutoThinkResponse {
    guard let query = PrimerQuery(item), let states = query.states, let final = states.last else {
      throw PrimerError.foreignItem(id: item.id, prompt: item.prompt)
    }
    var stream = KeyedStream(KeyedStream.hash(item.prompt), UInt64(bitPattern: Int64(variation)))
    let judge = rationale(query, &stream)
    let think = mode == .on ? thought(query, states: states, final: final, &stream) : ""
    return AutoThinkResponse(judge: judge, mode: mode, think: think, answer: query.rules.answer(query, final: final))
  }

  /// An honest remark on the query: what it asks for and how often.
  private static func rationale(_ query: PrimerQuery, _ stream: inout KeyedStream) -> String {
    let count = query.steps.count
    let noun = query.rules.noun
    let many = count == 1 ? noun : noun + "s"
    return stream.pick(["\(count) \(many)", "\(many) \(count)", "\(count)x \(noun)"])
  }

  private static func thought(
    _ query: PrimerQuery, states: [String], final: String, _ stream: inout KeyedStream
  ) -> String {
    let chain =
      query.start
      + zip(zip(PrimerQuery.keys, query.steps), states).map { " \($0.0)\($0.1)=\($1)" }.joined()
    let result = query.rules.result(query, final: final)
    let words = stream.shuffled(["check", "again"])
    switch query.steps.count {
    case 1: return "\(result)? \(chain) \(words[0]) \(chain) \(words[1]) \(chain) so \(result)"
    case 2: return "\(result)? \(chain) \(words[0]) \(chain) \(words[1]) \(final) so \(result)"
    default: return "\(chain) so \(result)"
    }
  }
}
