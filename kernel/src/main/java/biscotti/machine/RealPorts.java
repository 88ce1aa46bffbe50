package biscotti.machine;

/** The port space, through the shim. */
final class RealPorts extends Ports {
    @Override
    public int readByte(int port) {
        return (int) Shim.portRead(port, 1);
    }

    @Override
    public int readShort(int port) {
        return (int) Shim.portRead(port, 2);
    }

    @Override
    public int readInt(int port) {
        return (int) Shim.portRead(port, 4);
    }

    @Override
    public void writeByte(int port, int value) {
        Shim.portWrite(port, 1, value);
    }

    @Override
    public void writeShort(int port, int value) {
        Shim.portWrite(port, 2, value);
    }

    @Override
    public void writeInt(int port, int value) {
        Shim.portWrite(port, 4, value);
    }
}
