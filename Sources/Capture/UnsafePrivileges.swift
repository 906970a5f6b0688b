// Unsafe on purpose: what a process may do is asked for and given up by system calls.

internal import Glibc

/// What the process may do: it opens its device, and then may nothing more than anybody (safety: a
/// parser of hostile bytes has no right to lose).
public enum Privileges {
  /// Why the rights couldn't be given up.
  public struct Refusal: Error, Sendable {
    public var message: String
  }

  /// Who it is from now on.
  public struct Identity: Sendable, Equatable {
    public var user: UInt32
    public var group: UInt32
  }

  /// `nobody` of every Linux.
  private static let nobody: UInt32 = 65_534

  /// Who a process of root's becomes: who called sudo, else the owner of the working folder, else
  /// nobody. `nil` where it isn't root.
  ///
  /// - Parameters:
  ///   - environment: has SUDO_UID and SUDO_GID where sudo started it.
  ///   - folder: that it works in.
  public static func identity(
    environment: [String: String], folder: String
  ) -> Identity? {
    guard geteuid() == 0 else { return nil }
    if let user = environment["SUDO_UID"].flatMap(UInt32.init),
      let group = environment["SUDO_GID"].flatMap(UInt32.init), user != 0
    {
      return Identity(user: user, group: group)
    }
    var status = stat()
    if unsafe stat(folder, &status) == 0, status.st_uid != 0 {
      return Identity(user: status.st_uid, group: status.st_gid)
    }
    return Identity(user: nobody, group: nobody)
  }

  /// Asks something as who this process is going to be, and takes its own rights back. To be called
  /// before any other thread is started.
  public static func asking<Answer>(
    as identity: Identity?, _ body: () -> Answer
  ) throws(Refusal) -> Answer {
    guard let identity else { return body() }
    let group = getegid()
    var groups = [gid_t](repeating: 0, count: Int(max(0, getgroups(0, nil))))
    let count = unsafe getgroups(Int32(clamping: groups.count), &groups)
    _ = setgroups(0, nil)
    _ = setegid(identity.group)
    let isOther = seteuid(identity.user) == 0
    let answer = body()
    guard !isOther || seteuid(0) == 0, setegid(group) == 0 else {
      throw Refusal(message: "this process's own rights didn't come back: \(lastError())")
    }
    if count > 0 { _ = unsafe setgroups(Int(count), &groups) }
    return answer
  }

  /// From now on: another user, no capability, and no way to new ones. To be called before any other
  /// thread is started.
  public static func drop(to identity: Identity?) throws(Refusal) {
    if let identity {
      guard setgroups(0, nil) == 0, setgid(identity.group) == 0,
        setuid(identity.user) == 0
      else { throw Refusal(message: "can't become user \(identity.user): \(lastError())") }
      // Nobody may become root again.
      guard setuid(0) != 0 else { throw Refusal(message: "root's rights came back") }
    }
    guard control(38, 1) == 0 else {
      throw Refusal(message: "new privileges can't be given up: \(lastError())")
    }
    guard setCapabilities(0) else {
      throw Refusal(message: "capabilities can't be given up: \(lastError())")
    }
    // A change of user makes it dumpable again on some kernels (PR_SET_DUMPABLE).
    _ = control(4, 0)
  }

  /// From now on: root's, but of all rights only those to look into other processes
  /// (CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH), and no way to new ones. Where it isn't root: none.
  public static func keepOnlyLooking() {
    _ = control(38, 1)
    let rights: UInt32 = geteuid() == 0 ? 1 << 19 | 1 << 2 : 0
    _ = setCapabilities(rights)
  }

  /// prctl is variadic, which Swift can't call; its address can be.
  private static func control(_ option: CInt, _ value: CUnsignedLong) -> CInt {
    typealias Control =
      @convention(c) (CInt, CUnsignedLong, CUnsignedLong, CUnsignedLong, CUnsignedLong) -> CInt
    guard let address = unsafe dlsym(nil, "prctl") else { return -1 }
    return unsafe unsafeBitCast(address, to: Control.self)(option, value, 0, 0, 0)
  }

  /// - Parameter rights: of the first 32 capabilities, by bit; all others are given up.
  private static func setCapabilities(_ rights: UInt32) -> Bool {
    typealias Set = @convention(c) (UnsafeRawPointer?, UnsafeRawPointer?) -> CInt
    guard let address = unsafe dlsym(nil, "capset") else { return false }
    // _LINUX_CAPABILITY_VERSION_3 and this process; effective, permitted and inheritable of the first
    // 32, then of the others.
    let header: [UInt32] = [0x2008_0522, 0]
    let sets: [UInt32] = [rights, rights, 0, 0, 0, 0]
    return unsafe header.withUnsafeBytes { header in
      unsafe sets.withUnsafeBytes { sets in
        unsafe unsafeBitCast(address, to: Set.self)(header.baseAddress, sets.baseAddress) == 0
      }
    }
  }

  private static func lastError() -> String {
    unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
  }
}

/// The network that a process sees.
public enum NetworkNamespace {
  /// Enters another one.
  ///
  /// - Parameter path: `/proc/PID/ns/net`, `/run/netns/NAME`.
  /// - Returns: why not; `nil` where it is entered.
  public static func enter(_ path: String) -> DeviceError? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return error(path) }
    defer { close(descriptor) }
    // CLONE_NEWNET
    typealias Enter = @convention(c) (CInt, CInt) -> CInt
    guard let address = unsafe dlsym(nil, "setns"),
      unsafe unsafeBitCast(address, to: Enter.self)(descriptor, 0x4000_0000) == 0
    else { return error(path) }
    return nil
  }

  private static func error(_ path: String) -> DeviceError {
    let number = errno
    let words = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    return DeviceError(
      code: number == EPERM || number == EACCES ? .noRight : .other, message: "\(path): \(words)")
  }
}
