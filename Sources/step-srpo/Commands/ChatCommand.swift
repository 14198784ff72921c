import AutoThink
import Foundation
import LanguageModel
import RunStore
import StepSRPO
import Tasks

/// `step-srpo chat`: a conversation with a checkpoint.
enum ChatCommand: Command {
  static let description = CommandDescription(
    name: "chat", summary: "Talk with a checkpoint.",
    positionals: [.init(name: "CHECKPOINT", help: "a Hugging Face folder")],
    options: [
      .value("--system", "TEXT", "a system message before the conversation"),
      .value(
        "--tool", "NAME", "a tool the policy may call: store, the key-value store of the suite tools",
        choices: ["store"]),
      .value(
        "--thought", "WHICH", "rationale and thought (default: show at a terminal, else hide)",
        choices: ["show", "hide"]),
    ] + ControlArguments.options(),
    notes: """
      Earlier turns of the assistant keep only the text inside <answer>. A line is a turn; lines that
      begin with / are for the chat:

      """ + ChatInput.helpText.trimmingCharacters(in: .newlines))

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let policy = try ControlArguments.policy(arguments.positionals[0])
    let weights = DecodingWeights(policy.model, snapshot: false)
    let settings = try ControlArguments.settings(arguments, policy, weights, console)
    let isInteractive = isatty(STDIN_FILENO) == 1 && console.outIsTerminal
    var control = settings.control
    var conversation = Conversation(policy: policy, weights: weights, system: arguments.string("--system"))
    var printer = ReplyPrinter(
      showsThought: arguments.string("--thought").map { $0 == "show" } ?? console.outIsTerminal,
      colour: console.usesColour
    ) { text in
      console.out(text)
      console.flush()
    }
    var tool = arguments.string("--tool") == nil ? nil : ToolSession()
    var lines = ChatLines()
    if isInteractive { console.out("/help shows the commands, Ctrl-D ends.\n") }
    while true {
      if isInteractive {
        console.out(console.usesColour ? "\u{1B}[1myou>\u{1B}[0m " : "you> ")
        console.flush()
      }
      ChatLines.clearInterrupt()
      let line: String
      switch lines.next() {
      case .text(let text): line = text
      case .interrupted:
        guard isInteractive else { return .interrupted }
        console.out("\n(Ctrl-D or /quit ends)\n")
        continue
      case .end:
        if isInteractive { console.out("\n") }
        return .success
      }
      switch ChatInput(line) {
      case .empty: continue
      case .quit: return .success
      case .help: console.out(ChatInput.helpText)
      case .thought:
        printer.showsThought.toggle()
        console.out("rationale and thought are \(printer.showsThought ? "shown" : "hidden")\n")
      case .reset:
        conversation.reset()
        if tool != nil { tool = ToolSession() }
        console.out("the conversation is forgotten\n")
      case .mode(let mode):
        control.choice = choice(mode)
        console.out("mode \(mode.rawValue) from now on\n")
      case .unknown(let name, let nearest):
        console.out("there is no \(name)\(nearest.map { "; did you mean \($0)?" } ?? ""). /help shows the commands\n")
      case .words(let text, let mode):
        var own = control
        if let mode { own.choice = choice(mode) }
        do {
          let before = conversation
          var reply = try conversation.reply(
            to: text, control: own, settings: settings, isStopped: { ChatLines.isInterrupted }
          ) { printer.show($0) }
          printer.finish(remark(reply, own, isInteractive: isInteractive))
          var calls = 0
          while !reply.isStopped, let answer = reply.response.answer, let result = tool?.result(of: answer) {
            console.out("[store] \(TerminalText.neutralised(result))\n")
            calls += 1
            guard calls < ToolConversation.callsPerRequest else {
              conversation = before
              console.note("\(calls) calls without a reply; your words are forgotten")
              break
            }
            reply = try conversation.reply(
              to: result, from: .tool, control: own, settings: settings, isStopped: { ChatLines.isInterrupted }
            ) { printer.show($0) }
            printer.finish(remark(reply, own, isInteractive: isInteractive))
            if reply.response.answer == nil { conversation = before }
          }
        } catch let error as GenerationError {
          printer.finish("")
          console.note("\(error). /reset forgets the conversation")
        }
      }
      console.flush()
    }
  }

  private static func choice(_ mode: ChatInput.ChatMode) -> ModeControl.Choice {
    switch mode {
    case .auto: .auto
    case .on: .on
    case .off: .off
    }
  }

  /// What a reader cannot see from the reply itself. Figures of speed are for people only: they differ from call to call.
  private static func remark(_ reply: Conversation.Reply, _ control: ModeControl, isInteractive: Bool) -> String {
    var parts: [String] = []
    if reply.forgotten > 0 { parts.append("\(reply.forgotten) earlier exchanges are forgotten to make room") }
    if reply.isStopped {
      parts.append("stopped")
    } else if let reason = reply.response.invalidReason {
      parts.append("no valid response: \(reason)\(reply.response.answer == nil ? "; your words are forgotten" : "")")
    }
    guard isInteractive else { return parts.isEmpty ? "" : "(\(parts.joined(separator: ", ")))" }
    parts.append("\(reply.length) tokens")
    parts.append("\(Int(Double(reply.length) / max(reply.seconds, 1e-3))) tokens/s")
    if let on = reply.thinkOnProbability {
      parts.append("p(think_on) \(NumberText.fixed(on, 2))\(control.forcedMode == nil ? "" : ", mode forced")")
    }
    return "(\(parts.joined(separator: ", ")))"
  }
}
