// synchronized: javac unlocks on every way out.
class Locks {
  static void a() {}
  static void b() {}
  static void c() {}
  static int x() { return 1; }
  static int y() { return 1; }

  final Object lock = new Object();
  void simple() {
    synchronized (lock) {
      a();
    }
  }
  int returning() {
    synchronized (lock) {
      return x();
    }
  }
  void nested(Object o) {
    synchronized (lock) {
      synchronized (o) {
        a();
      }
    }
  }
  void inTry(Object o) {
    try {
      synchronized (o) {
        a();
      }
    } catch (RuntimeException e) {
      x();
    }
  }
  void catchInside(Object o) {
    synchronized (o) {
      try {
        a();
      } catch (RuntimeException e) {
        x();
      } finally {
        x();
      }
    }
  }
  void throwing(Object o) {
    synchronized (o) {
      throw new RuntimeException();
    }
  }
  synchronized void method() { a(); }
  void loop(Object o) {
    while (x() > 0) {
      synchronized (o) {
        if (x() == 3) break;
        if (x() == 4) continue;
        a();
      }
    }
  }
}
