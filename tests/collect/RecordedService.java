import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Executors;

/** A service to record, with JaCoCo's agent. Argument: a file to write the port to. */
public class RecordedService {
  static int work(int n) {
    int sum = 0;
    for (int i = 0; i < n; ++i) {
      if (i % 3 == 0) {
        sum += i;
      } else {
        sum -= 1;
      }
    }
    return sum;
  }

  static void log(int sum) {
    if (sum < 0) {
      System.err.println("a negative sum");
    }
  }

  public static void main(String[] arguments) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/work", exchange -> {
      int sum = work(Integer.parseInt(exchange.getRequestURI().getQuery().substring(2)));
      byte[] body = ("{\"sum\": " + sum + "}").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
      log(sum);
    });
    server.start();
    Path file = Path.of(arguments[0] + ".new");
    Files.writeString(file, server.getAddress().getPort() + "\n");
    Files.move(file, Path.of(arguments[0]), StandardCopyOption.ATOMIC_MOVE);
  }
}
