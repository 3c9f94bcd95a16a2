import java.io.*;

// try-with-resources: closing, and what comes of exceptions while closing.
class Resources {
  static void a() {}
  static void b() {}
  static void c() {}
  static int x() { return 1; }
  static int y() { return 1; }
  static AutoCloseable open() { return null; }
  static InputStream in() { return null; }

  static void one() throws Exception {
    try (AutoCloseable r = open()) {
      a();
    }
  }
  static void two() throws Exception {
    try (AutoCloseable r = open();
         InputStream s = in()) {
      a();
    }
  }
  static int returning() throws Exception {
    try (AutoCloseable r = open()) {
      return x();
    }
  }
  static void notNull() throws Exception {
    try (StringWriter w = new StringWriter()) {
      w.write("x");
    }
  }
  static void catching() {
    try (InputStream s = in()) {
      a();
    } catch (IOException e) {
      x();
    } finally {
      a();
    }
  }
  static int loop(int n) throws Exception {
    for (int i = 0; i < n; i++) {
      try (InputStream s = in()) {
        if (i == 3) continue;
        if (i == 4) break;
        if (i == 5) return 7;
        a();
      }
    }
    return 0;
  }
  static void nested() throws Exception {
    try (InputStream s = in()) {
      try (InputStream t = in()) {
        a();
      }
    }
  }
  static void empty() throws Exception {
    try (InputStream s = in()) {
    }
  }
  static void throwing() throws Exception {
    try (InputStream s = in()) {
      throw new Exception();
    }
  }
  static void oneLine() throws Exception { try (InputStream s = in()) { a(); } }

    static int zip(int k) throws Exception {
    try (StringReader s = new StringReader("")) {
      while (true) {
        if (k == 1) {
          break;
        }
        if (k == 2) {
          return x();
        }
        a();
      }
    } catch (RuntimeException e) {
      a();
    }
    return 3;
  }
  static int two(int k) throws Exception {
    for (;;) {
      try (InputStream s = in(); InputStream t = in()) {
        if (k == 1) {
          continue;
        }
        if (k == 2) {
          return x();
        }
        a();
      }
    }
  }
  static int throwing(int k) throws Exception {
    try (InputStream s = in()) {
      if (k == 2) {
        return x();
      }
      throw new Exception();
    }
  }
  static int returns(int k) throws Exception {
    try (InputStream s = in()) {
      if (k == 2) {
        return x();
      }
      return 3;
    }
  }
  static void last(int k) throws Exception {
    try (InputStream s = in()) {
      if (k == 2) {
        return;
      }
    }
  }
  static int inFinally(int k) throws Exception {
    try {
      a();
    } finally {
      try (InputStream s = in()) {
        a();
      }
    }
    return 3;
  }
}
