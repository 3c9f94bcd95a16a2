// Ways in and out of try statements with finally; javac writes the block at each exit.
class FinallyBlocks {
  static void a() {}
  static void b() {}
  static void c() {}
  static int x() { return 1; }
  static int y() { return 1; }

  static void simple() {
    try {
      a();
    } finally {
      b();
    }
  }

  static void withCatch() {
    try {
      a();
    } catch (RuntimeException e) {
      c();
    } finally {
      b();
    }
  }

  static int returns() {
    try {
      return x();
    } finally {
      b();
    }
  }

  static int manyExits(int k) {
    for (int i = 0; i < k; i++) {
      try {
        if (k == 1) return x();
        if (k == 2) continue;
        if (k == 3) break;
        a();
      } catch (IllegalStateException e) {
        return 2;
      } catch (RuntimeException e) {
        c();
      } finally {
        b();
        if (x() > 1) c();
      }
    }
    return 0;
  }

  static void nested() {
    try {
      try {
        a();
      } finally {
        b();
      }
    } finally {
      c();
    }
  }

  static void finallyLoop(int n) {
    try {
      a();
    } finally {
      for (int i = 0; i < n; i++) {
        b();
      }
    }
  }

  static void throwsInFinally() {
    try {
      a();
    } finally {
      throw new RuntimeException();
    }
  }

  static int returnInFinally() {
    try {
      a();
    } finally {
      return 1;
    }
  }

  static void emptyTry() {
    try {
    } finally {
      b();
    }
  }

  static void emptyCatch() {
    try {
      a();
    } catch (Exception e) {
    } finally {
      b();
    }
  }

  static void oneLine() { try { a(); } finally { b(); } }

  static void tryInFinally() {
    try {
      a();
    } finally {
      try {
        b();
      } catch (RuntimeException e) {
        c();
      }
    }
  }

  static void finallyInCatch() {
    try {
      a();
    } catch (RuntimeException e) {
      try {
        b();
      } finally {
        c();
      }
    }
  }
  static void sw(int k) {
    try {
      a();
    } finally {
      switch (k) {
        case 1: b(); break;
        default: c();
      }
    }
  }
  static boolean cond(int k) {
    try {
      return k > 3;
    } finally {
      if (k > 4 && k < 7) {
        b();
      } else {
        c();
      }
    }
  }
  static void infinite(int k) {
    try {
      while (true) {
        a();
      }
    } finally {
      b();
    }
  }
  static void alwaysThrows(int k) {
    try {
      throw new RuntimeException();
    } finally {
      b();
    }
  }

  static void before() {
    b();
    try {
      a();
    } finally {
      b();
    }
    a();
    b();
    a();
  }
  static void inTry() {
    a();
    try {
      a();
      b();
      a();
    } catch (RuntimeException e) {
      b();
    } finally {
      b();
    }
    b();
  }
  static int middle(int k) {
    while (x() > 1) {
      try {
        a();
        if (k == 1) {
          return 1;
        }
      } finally {
        b();
      }
    }
    return 2;
  }
  static int middleAfter(int k) {
    b();
    while (x() > 1) {
      try {
        a();
        if (k == 1) {
          return 1;
        }
      } finally {
        b();
      }
      b();
      a();
    }
    b();
    return 2;
  }
  static int twice(int k) {
    try {
      a();
    } finally {
      b();
    }
    try {
      a();
    } finally {
      b();
    }
    return 3;
  }
  static void inFinally(int k) {
    try {
      a();
    } finally {
      b();
      b();
    }
  }
  static int bool(int k) {
    try {
      a();
      if (k == 1) {
        return 1;
      }
    } catch (RuntimeException e) {
      if (k == 2) {
        return 1;
      }
    } finally {
      b();
    }
    return 2;
  }
  static void catches(int k) {
    try {
      a();
    } catch (IllegalStateException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IllegalStateException(e);
    } finally {
      b();
    }
  }
  static void breaks(int k) {
    while (true) {
      try {
        a();
      } finally {
        b();
        if (k == 3) break;
      }
    }
  }
  static int breakReturn(int k) {
    for (;;) {
      try {
        a();
      } finally {
        if (k == 3) return 1;
      }
    }
  }
  static void lock(Object o) {
    synchronized (o) {
      try {
        a();
      } finally {
        synchronized (o) { b(); }
      }
    }
  }
  static int syncs(Object o, int k) {
    synchronized (o) {
      synchronized (FinallyBlocks.class) {
        if (k == 1) {
          return 0;
        }
        return 1;
      }
    }
  }

  static int nestedReturn() {
    try {
      try {
        return x();
      } finally {
        b();
      }
    } finally {
      c();
    }
  }
  static int nestedReturn2(int k) {
    try {
      a();
      try {
        a();
        if (k == 3) return x();
      } finally {
        x();
      }
      a();
    } finally {
      y();
    }
    return 3;
  }
  static int nestedReturn3(int k) {
    try {
      a();
      try {
        a();
        if (k == 3) return x();
      } finally {
        if (k == 4) x();
      }
      a();
      y();
      y();
    } finally {
      if (k == 4) y();
    }
    return 3;
  }
  static int loopReturn(int k) {
    while (k > 0) {
      try {
        if (k == 3) return x();
        if (k == 4) break;
        if (k == 5) continue;
      } finally {
        x();
      }
    }
    return 3;
  }
  static int sameInCatch(int k) {
    try {
      a();
      return x();
    } catch (IllegalStateException e) {
    } catch (IllegalArgumentException e) {
      b();
    } catch (RuntimeException e) {
      b();
      return 3;
    } finally {
      b();
    }
    b();
    return 3;
  }
  static int sameThrow(int k) {
    try {
      a();
      if (k == 2) throw new RuntimeException();
      return 1;
    } catch (RuntimeException e) {
      throw e;
    } finally {
      b();
    }
  }
  static int inLoop(int k) {
    int n = 0;
    for (int i = 0; i < k; i++) {
      b();
      try {
        if (i == 3) continue;
      } finally {
        b();
      }
      b();
    }
    return n;
  }
  static int nestedSame() {
    try {
      try {
        return x();
      } finally {
        b();
      }
    } finally {
      b();
    }
  }
  static int nestedSame2(int k) {
    try {
      try {
        a();
        if (k == 2) return x();
        a();
      } finally {
        b();
      }
      a();
    } finally {
      b();
      c();
    }
    return 4;
  }
  static int nestedSame3(int k) {
    while (true) {
    try {
      try {
        a();
        if (k == 2) return x();
        if (k == 3) break;
        if (k == 4) continue;
      } catch (RuntimeException e) {
        if (k == 3) break;
      } finally {
        b();
      }
      a();
    } catch (IllegalStateException e) {
    } finally {
      b();
      c();
    }
    }
    return 4;
  }
}
