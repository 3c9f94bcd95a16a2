import java.util.function.*;
// Methods that compilers add, and some that only look like it.
class Methods {
  private Methods() {
  }
  static class NonPrivate { }
  private static class PrivateImplicit { }
  static class PrivArg { private PrivArg(int x) { } }
  static class PrivBody { private PrivBody() { System.out.println(); } }
  static class PrivField { int f = 3; private PrivField() { } }
  static class PrivSuper extends NonPrivate { private PrivSuper() { super(); } }
  enum Plain { A, B }
  enum Ctor { A, B; Ctor() { } }
  enum Arg { A(1); final int x; Arg(int x) { this.x = x; } }
  enum Body { A { void f() {} }; void f() {} Body() { System.out.println(); } 
    static int values(int x) { return 1; } }
  abstract static class Gen<T> implements Comparable<Gen<T>> { 
    abstract T get();
    public int compareTo(Gen<T> o) { return 0; } }
  static class Str extends Gen<String> {
    String get() { return ""; } }
  static class Outer { private int hidden; private void m() {} }
  static int access(Outer o) { o.m(); return o.hidden; }
  static Supplier<Integer> lam(int k) {
    return () -> k;
  }
  static Runnable mref() { return Methods::access2; }
  static void access2() { assert lam(1) != null; }
  @interface MyGenerated {}
  @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.CLASS) @interface XGeneratedY {}
  @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME) @interface Generatedz {}
  @MyGenerated static void g1() { access2(); }
  @XGeneratedY static void g2() { access2(); }
  @Generatedz static void g3() { access2(); }
  @Generatedz static class G4 { static void x() { access2(); } static class Inner { static void y() { access2(); } } 
    Runnable r = new Runnable() { public void run() { 
       access2(); } };
    }
}
