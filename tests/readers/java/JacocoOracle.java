import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.data.ExecutionData;
import org.jacoco.core.data.ExecutionDataReader;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.core.data.ExecutionDataWriter;
import org.jacoco.core.data.SessionInfo;
import org.jacoco.core.instr.Instrumenter;
import org.jacoco.core.runtime.IExecutionDataAccessorGenerator;
import org.jacoco.report.IReportVisitor;
import org.jacoco.report.xml.XMLFormatter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Drives JaCoCo's public API. Both commands print one line of figures.
 *
 * <pre>
 * runs OUT RUNS CLASSES...    writes OUT/{n}.exec with random probes (3, 20, 60 % of them, in turn)
 *                             of the classes (jars, folders) and JaCoCo's report OUT/{n}.xml of it
 * time ROUNDS EXEC CLASSES... reads EXEC and analyses the classes with it, ROUNDS times after some to
 *                             warm up, as a tool that keeps one virtual machine would
 * </pre>
 */
public class JacocoOracle {
  private static final double[] DENSITIES = {0.03, 0.2, 0.6};

  /** A class JaCoCo can analyse, with what its agent knows of it. */
  private static class Known implements IExecutionDataAccessorGenerator {
    final byte[] bytes;
    long id;
    String name; // null: without probes
    int probes;

    Known(byte[] bytes) throws IOException {
      this.bytes = bytes;
      new Analyzer(new ExecutionDataStore(), coverage -> {}).analyzeClass(bytes, "class");
      new Instrumenter(this).instrument(bytes, "class");
    }

    @Override
    public int generateDataAccessor(long id, String name, int probes, MethodVisitor visitor) {
      this.id = id;
      this.name = name;
      this.probes = probes;
      visitor.visitInsn(Opcodes.ACONST_NULL);
      return 1;
    }
  }

  public static void main(String[] args) throws IOException {
    if (args[0].equals("runs")) {
      runs(new File(args[1]), Integer.parseInt(args[2]), classes(args, 3));
    } else {
      time(Integer.parseInt(args[1]), new File(args[2]), classes(args, 3));
    }
  }

  private static void runs(File out, int runs, List<byte[]> classes) throws IOException {
    List<Known> known = new ArrayList<>();
    for (byte[] bytes : classes) {
      try {
        known.add(new Known(bytes));
      } catch (IOException refused) {
        // Of a Java that this JaCoCo does not know yet.
      }
    }
    Random random = new Random(7);
    for (int run = 0; run < runs; ++run) {
      ExecutionDataStore store = new ExecutionDataStore();
      for (Known each : known) {
        if (each.name == null) continue;
        boolean[] probes = new boolean[each.probes];
        boolean any = false;
        for (int i = 0; i < probes.length; ++i) {
          probes[i] = random.nextDouble() < DENSITIES[run % DENSITIES.length];
          any |= probes[i];
        }
        if (any) store.put(new ExecutionData(each.id, each.name, probes));
      }
      SessionInfo session = new SessionInfo("s" + run, 1_700_000_000_000L, 1_700_000_001_000L);
      try (OutputStream file = output(out, run + ".exec")) {
        ExecutionDataWriter writer = new ExecutionDataWriter(file);
        writer.visitSessionInfo(session);
        store.accept(writer);
      }
      CoverageBuilder builder = new CoverageBuilder();
      Analyzer analyzer = new Analyzer(store, builder);
      for (Known each : known) analyzer.analyzeClass(each.bytes, "class");
      try (OutputStream file = output(out, run + ".xml")) {
        IReportVisitor visitor = new XMLFormatter().createVisitor(file);
        visitor.visitInfo(List.of(session), store.getContents());
        visitor.visitBundle(builder.getBundle("oracle"), null);
        visitor.visitEnd();
      }
    }
    System.out.println(classes.size() + " classes, " + (classes.size() - known.size()) + " refused");
  }

  private static void time(int rounds, File exec, List<byte[]> classes) throws IOException {
    byte[] data = Files.readAllBytes(exec.toPath());
    long lines = 0;
    long begin = 0;
    for (int round = -5; round < rounds; ++round) {
      if (round == 0) begin = System.nanoTime();
      ExecutionDataStore store = new ExecutionDataStore();
      ExecutionDataReader reader = new ExecutionDataReader(new ByteArrayInputStream(data));
      reader.setExecutionDataVisitor(store);
      reader.setSessionInfoVisitor(session -> {});
      reader.read();
      CoverageBuilder builder = new CoverageBuilder();
      Analyzer analyzer = new Analyzer(store, builder);
      for (byte[] bytes : classes) analyzer.analyzeClass(bytes, "class");
      lines = builder.getBundle("time").getLineCounter().getTotalCount();
    }
    double ms = (System.nanoTime() - begin) / 1e6 / rounds;
    System.out.printf("%.2f ms a run, %d classes, %d lines%n", ms, classes.size(), lines);
  }

  private static OutputStream output(File folder, String name) throws IOException {
    return new BufferedOutputStream(new FileOutputStream(new File(folder, name)));
  }

  private static List<byte[]> classes(String[] args, int from) throws IOException {
    List<byte[]> classes = new ArrayList<>();
    for (int i = from; i < args.length; ++i) {
      Path path = Path.of(args[i]);
      if (!Files.isDirectory(path)) {
        addJar(Files.newInputStream(path), classes);
        continue;
      }
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : (Iterable<Path>) files.sorted()::iterator) {
          if (file.toString().endsWith(".class")) classes.add(Files.readAllBytes(file));
        }
      }
    }
    return classes;
  }

  /** Without the classes for newer virtual machines. */
  private static void addJar(InputStream in, List<byte[]> classes) throws IOException {
    try (ZipInputStream jar = new ZipInputStream(in)) {
      for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
        String name = entry.getName();
        if (name.endsWith(".class") && !name.startsWith("META-INF/")) {
          classes.add(jar.readAllBytes());
        }
      }
    }
  }
}
