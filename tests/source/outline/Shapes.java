// Shapes of Java that a source index may stumble over. A comment tells what is to be found:
//   FN name      a method whose name stands on this line
//   END name     the last line of that method
//   KIND kind    what the line's first token belongs to
package shop.cart;

import java.util.*;

@SuppressWarnings({"a", "b"})
public class Shapes<T extends Comparable<T>> implements Runnable {
  private static final Map<String, Integer> PRICES =  // KIND declaration
      new HashMap<>();                                // KIND declaration

  static {                            // FN shop.cart.Shapes#<clinit>
    PRICES.put("a", 1);               // KIND call
  }                                   // END shop.cart.Shapes#<clinit>

  private final List<T> items = new ArrayList<>();  // KIND declaration
  int total;

  Shapes(int first) {                 // FN shop.cart.Shapes#<init>
    super();                          // KIND call
    total = first;                    // KIND assignment
  }                                   // END shop.cart.Shapes#<init>

  @Override
  @Deprecated
  public void run() {                 // FN shop.cart.Shapes#run
    for (T item : items) {            // KIND for
      total++;                        // KIND assignment
    }                                 // KIND brace
    while (total > 1000)              // KIND while
      --total;
    items.forEach(item -> {           // FN shop.cart.Shapes#(lambda)
      if (item == null) return;       // KIND if
      else throw new IllegalStateException(  // KIND else
          "x");                       // KIND throw
    });                               // END shop.cart.Shapes#(lambda)
  }                                   // END shop.cart.Shapes#run

  static <K, V> Map.Entry<K, V>
      pair(K key,                     // FN shop.cart.Shapes#pair
           V... values) throws Exception {  // KIND signature
    try (Scanner in = new Scanner("")) {    // KIND try
      switch (values.length) {        // KIND switch
        case 0:                       // KIND case
          return null;                // KIND return
        default:                      // KIND case
          break;                      // KIND break
      }
    } catch (RuntimeException e) {    // KIND catch
      assert false;                   // KIND assert
    } finally {                       // KIND finally
      synchronized (key) {            // KIND synchronized
        int x = 1;                    // KIND variable
      }
    }
    return Map.entry(key, values[0]);
  }                                   // END shop.cart.Shapes#pair

  Comparator<T> order() {             // FN shop.cart.Shapes#order
    return new Comparator<T>() {
      @Override
      public int compare(T a, T b) {  // FN shop.cart.Shapes$#compare
        return a.compareTo(b);        // KIND return
      }                               // END shop.cart.Shapes$#compare
    };
  }                                   // END shop.cart.Shapes#order

  enum Colour {
    RED {
      @Override
      int shade() { return 1; }       // FN shop.cart.Shapes$Colour$#shade
    };

    abstract int shade();
  }

  record Money(long minor) {
    Money {                           // FN shop.cart.Shapes$Money#<init>
      if (minor < 0) throw new IllegalArgumentException();
    }                                 // END shop.cart.Shapes$Money#<init>
  }

  interface Priced {
    long price();

    default boolean free() {          // FN shop.cart.Shapes$Priced#free
      return price() == 0;
    }                                 // END shop.cart.Shapes$Priced#free
  }
}
