/// A request and its answer.
struct Exchange {
  enum Credential { case right, missing, placeholder }

  var credential: Credential
  var request = Pieces()
  var answer = Pieces()
}
