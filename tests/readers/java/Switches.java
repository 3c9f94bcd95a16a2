// switch over strings, enums and numbers.
class Switches {
  static void a() {}
  static void b() {}
  static void c() {}
  static int x() { return 1; }
  static int y() { return 1; }

  static void plain(String s) {
    switch (s) {
      case "a":
        a();
        break;
      case "b":
        b();
        break;
      default:
        c();
    }
  }
  static void collide(String s) {
    switch (s) {
      case "Aa":
        a();
        break;
      case "BB":
        b();
        break;
      case "c":
      case "d":
        c();
    }
  }
  static int returning(String s) {
    switch (s) {
      case "one": return 1;
      case "two": return 2;
      case "three": return 3;
      case "four": return 4;
      default: return 5;
    }
  }
  static void single(String s) {
    switch (s) {
      case "x": a();
    }
  }
  static void onlyDefault(String s) {
    switch (s) {
      default: a();
    }
  }
  static void call(Object o) {
    switch (o.toString()) {
      case "x": a(); break;
      case "y": b();
    }
    c();
  }
  static void nested(String s, String t) {
    switch (s) {
      case "x":
        switch (t) {
          case "y": a(); break;
          default: b();
        }
        break;
      default: c();
    }
  }
  enum E { A, B }
  static void onEnum(E e) {
    switch (e) {
      case A: a(); break;
      case B: b();
    }
  }
  static void onInt(int e) {
    switch (e) {
      case 1: a(); break;
      case 2: b();
    }
  }
}
