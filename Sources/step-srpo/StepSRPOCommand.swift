@main
struct StepSRPOCommand {
  static func main() {}
}
