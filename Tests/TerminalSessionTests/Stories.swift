import Testing

/// All stories: one after the other, for they share one Engine and see each other's containers.
@Suite(.serialized, .enabled(if: TestEngine.isGiven), .timeLimit(.minutes(3)))
enum Stories {}
