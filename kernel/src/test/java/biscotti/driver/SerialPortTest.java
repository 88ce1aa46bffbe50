package biscotti.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.machine.simulated.SimulatedMachine;
import biscotti.sched.KernelLog;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;
import biscotti.sched.TestThreads;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The serial port neither loses nor reorders bytes, in either direction. */
@Timeout(20)
class SerialPortTest {
    private final SimulatedMachine machine = SimulatedMachine.builder().cpus(2).build();
    private final Scheduler scheduler = new Scheduler(machine, new KernelLog(machine));
    private final SimulatedUart uart = new SimulatedUart(machine, SerialPort.COM1);
    private final StringBuffer received = new StringBuffer();
    private final AtomicInteger room = new AtomicInteger(100);
    private SerialPort port;

    @BeforeEach
    void start() {
        scheduler.start();
        port = new SerialPort(machine, scheduler, SerialPort.COM1);
        port.start(new SerialPort.Receiver() {
            @Override
            public void receive(byte[] bytes, int count) {
                received.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
            }

            @Override
            public int room() {
                return room.get();
            }
        });
    }

    @AfterEach
    void close() {
        TestThreads.stop(scheduler);
        machine.close();
    }

    private static String lines(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("line ").append(i).append('\n');
        }
        return text.toString();
    }

    @Test
    void whatIsWrittenArrives() throws InterruptedException {
        byte[] text = lines(5000).getBytes(StandardCharsets.ISO_8859_1);
        KernelThread writer = scheduler.newThread("writer", () -> {
            assertEquals(text.length, port.write(KernelThread.current(), text, 0, text.length));
            assertEquals(0, port.flush(KernelThread.current()));
        });
        writer.start();
        writer.join();
        assertEquals(lines(5000), uart.sent());
        assertEquals(0, scheduler.failures());
    }

    @Test
    void aWriterWaitsForAnEndThatStallsAndGoesOnWhenItReads() throws InterruptedException {
        byte[] text = lines(5000).getBytes(StandardCharsets.ISO_8859_1);
        uart.stall(true);
        KernelThread writer = scheduler.newThread("writer", () -> {
            port.write(KernelThread.current(), text, 0, text.length);
            port.flush(KernelThread.current());
        });
        writer.start();
        while (!writer.isSleeping()) {
            Thread.onSpinWait();
        }
        assertTrue(uart.sent().isEmpty());
        uart.stall(false);
        writer.join();
        assertEquals(lines(5000), uart.sent());
    }

    @Test
    void whatTheOtherEndSendsIsReceived() {
        for (int i = 0; i < 200; i++) {
            uart.send("line " + i + "\n");
        }
        while (received.length() < lines(200).length()) {
            Thread.onSpinWait();
        }
        assertEquals(lines(200), received.toString());
    }

    @Test
    void inputWaitsWhileItsReceiverHasNoRoom() {
        room.set(0);
        uart.send("early ");
        uart.send("later");
        room.set(100);
        port.inputWanted();
        while (received.length() < "early later".length()) {
            Thread.onSpinWait();
        }
        assertEquals("early later", received.toString());
    }
}
