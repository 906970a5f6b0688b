import Suite
import Testing

@Suite("An expectation") struct ExpectationTests {}
