import TestSupport
import Testing

/// Nothing leaves this machine that nobody asked for: in a network of its own, with a way out and
/// somebody who listens there.
@Suite("No packet leaves loopback") struct LoopbackTests {
  private static let tools = ["/usr/bin/tcpdump", "/usr/bin/curl"]

  @Test(
    .enabled(
      if: Tool.canMakeNamespaces && tools.allSatisfy(Tool.isThere),
      "no right to make namespaces, or no tcpdump or curl"))
  func whateverIsRun() throws {
    let result = try Executable.run(
      // With processes of its own, too: whatever is left behind ends with it.
      Tool.ownNetwork + ["/bin/bash", "-c", Self.script],
      environment: [
        "KW": Executable.path, "CAPTURES": "\(Executable.root)/Captures", "KEY": "sk-made-up-42",
        "OUT": try Folder().path, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
      ], tool: "/usr/bin/unshare")
    let said = result.output
    #expect(said.contains("all as expected"), "\(said)\(result.errors)")
    #expect(said.contains("SAME  3 of 3"))
    #expect(said.contains("elsewhere: 2"))
    #expect(said.contains("by the tap: 0"))
    #expect(said.contains("by run: 0"))
    // Whoever listens does hear what is sent.
    #expect(said.contains("allowed: 4"))
    let heard = said.split(separator: "\n").filter { $0.hasPrefix("heard ") }
    #expect(heard.first == "heard 0", "\(said)\(result.errors)")
    #expect(heard.count == 2 && heard.last != "heard 0", "\(said)\(result.errors)")
  }

  private static let script = #"""
    cd "$OUT" || exit 99
    for family in default all; do
      sysctl -qw net.ipv6.conf.$family.disable_ipv6=1 2>/dev/null
    done
    ip link set lo up
    ip link add out type veth peer name far
    ip addr add 10.99.0.1/24 dev out
    ip link set far up; ip link set out up
    ip route add default via 10.99.0.2
    tcpdump -U -n -i out -w out.pcap 2>listening & listener=$!
    while ! grep -q listening listening; do sleep 0.05; done
    # At most so many tenths of a second, until there is something.
    heard() {
      for turn in $(seq "$1"); do
        count=$(tcpdump -nr out.pcap 2>/dev/null | wc -l)
        [ "$count" = 0 ] || break
        sleep 0.1
      done
      echo "heard $count"
    }
    url() { while [ ! -e "$1" ]; do sleep 0.02; done; sed 's/.*"url":"\([^"]*\)".*/\1/' "$1"; }

    "$KW" test "$CAPTURES" | tail -1
    "$KW" check "$CAPTURES/agent-broken.pcap" >/dev/null
    "$KW" sanitize "$CAPTURES/agent-fixed.pcap" clean.pcapng
    "$KW" replay "$CAPTURES/agent-broken.pcap" --stub --speed max
    "$KW" replay "$CAPTURES/agent-broken.pcap" --to http://10.99.0.7:4000; echo "elsewhere: $?"
    "$KW" stub --port 0 --ready-file stub.json --master-key env:KEY 2>/dev/null & stub=$!
    "$KW" tap --to "$(url stub.json)" --listen 127.0.0.1:0 --ready-file tap.json \
      --expect-key env:KEY >/dev/null 2>&1 & tap=$!
    curl -s -o /dev/null -H "Authorization: Bearer $KEY" "$(url tap.json)/v1/models"
    kill -TERM $tap; wait $tap; echo "by the tap: $?"
    "$KW" run -- /bin/sh -c \
      'curl -s -o /dev/null -H "Authorization: Bearer $OPENAI_API_KEY" $OPENAI_BASE_URL/models'
    echo "by run: $?"
    kill -TERM $stub; wait $stub
    heard 5
    "$KW" replay "$CAPTURES/agent-broken.pcap" --to http://10.99.0.7:4000 \
      --allow-host 10.99.0.7 --connect-timeout 200ms --speed max
    echo "allowed: $?"
    heard 100
    kill -KILL $listener
    """#
}
