import AutoThink
import LanguageModel
import Tasks

/// A vocabulary that cannot express the response format.
public struct ResponseCodecError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is missing and what to do.
  public let description: String
}

/// Between text and tokens: prompts and responses as the policy reads and writes them.
///
/// Tags are single vocabulary entries. Text from outside is encoded without them, so a prompt cannot smuggle a tag in,
/// and characters that merely look like a tag in a response are text.
public struct ResponseCodec: Sendable {
  /// The layout of prompts and responses.
  public let template: PromptTemplate
  /// The vocabulary.
  public let tokenizer: any Tokenizer
  /// The token that ends a response.
  public let endToken: Int32
  private let pieceOfToken: [Int32: Piece]
  private let tokenOfTag: [Tag: Int32]

  /// A codec over `tokenizer`.
  /// - Throws: `ResponseCodecError` naming the tags that are not single entries.
  public init(tokenizer: any Tokenizer, template: PromptTemplate) throws {
    var tokenOfTag: [Tag: Int32] = [:]
    var pieceOfToken: [Int32: Piece] = [:]
    for token in tokenizer.addedTokens where token.special { pieceOfToken[token.id] = .special }
    for tag in Tag.allCases {
      guard let token = tokenizer.addedTokens.first(where: { $0.text == tag.rawValue })?.id else {
        throw ResponseCodecError(
          description: "the vocabulary has no single entry \(tag.rawValue), expected one for each of "
            + Tag.allCases.map(\.rawValue).joined(separator: " ") + "; add them by `step-srpo model add-tokens`")
      }
      tokenOfTag[tag] = token
      pieceOfToken[token] = .tag(tag)
    }
    guard let end = tokenizer.addedTokens.first(where: { $0.text == PromptTemplate.turnEnd })?.id else {
      throw ResponseCodecError(description: "the vocabulary has no single entry \(PromptTemplate.turnEnd)")
    }
    pieceOfToken[end] = .end
    endToken = end
    self.tokenOfTag = tokenOfTag
    self.pieceOfToken = pieceOfToken
    self.tokenizer = tokenizer
    self.template = template
  }

  /// The vocabulary entry of a tag.
  public func token(_ tag: Tag) -> Int32 { tokenOfTag[tag]! }  // every tag was found in init

  /// The gate token of a mode.
  public func gate(_ mode: ThinkMode) -> Int32 { token(mode == .on ? .thinkOn : .thinkOff) }

  /// The prompt of an item, ending where the response begins.
  public func prompt(_ item: TaskItem) -> [Int32] { prompt(item.conversation) }

  /// The prompt of a conversation, ending where the response begins.
  public func prompt(_ messages: [ChatMessage]) -> [Int32] {
    template.prompt(messages).flatMap { piece -> [Int32] in
      switch piece {
      case .special(let name): tokenizer.encode(name, parsingAddedTokens: true)
      case .text(let text): tokenizer.encode(text, parsingAddedTokens: false)
      }
    }
  }

  /// The tokens of a response as the template lays it out, its end token included.
  public func response(_ response: AutoThinkResponse) -> [Int32] {
    tokens(template.response(response))
  }

  /// What a token is to the response format.
  public func piece(of token: Int32) -> Piece { pieceOfToken[token] ?? .text(tokenizer.bytes(of: token)) }

  /// Parses sampled tokens; indices in the result are token indices.
  public func parse(_ tokens: [Int32], truncated: Bool) -> ParsedResponse {
    let pieces = tokens.map(piece)
    return template.parser.parse(pieces, truncated: truncated)
  }

  /// The text of sampled tokens with tags spelled out, the end token left out.
  public func text(_ tokens: [Int32]) -> String {
    tokenizer.decode(tokens.last == endToken ? tokens.dropLast() : tokens[...])
  }
}
