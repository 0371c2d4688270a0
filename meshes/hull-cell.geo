// Hull cell of 267 ml, 48.2 mm deep: trapezoid of electrolyte with a metal plate 2 mm thick on both electrodes, one layer of wedges. Millimetres.
// gmsh -3 hull-cell.geo -format msh41 -o hull-cell.msh
depth = 48.2; wide = 63.5; short = 47.6; long = 127; plate = 2;
near = 0.8; far = 4;                          // cells at the cathode's near end, and away from it
tilt = Atan2(long - short, wide);             // of the cathode against the anode
// Electrolyte: anode at x = 0, the cathode from (short, wide), its near end, to (long, 0), its far end.
Point(1) = {0, 0, 0, far};
Point(2) = {long, 0, 0, 1.5};
Point(3) = {short, wide, 0, near};
Point(4) = {0, wide, 0, far};
// Plates: the anode's along x, the cathode's along its own normal.
Point(5) = {-plate, 0, 0, far};
Point(6) = {-plate, wide, 0, far};
Point(7) = {long + plate * Cos(tilt), plate * Sin(tilt), 0, 1.5};
Point(8) = {short + plate * Cos(tilt), wide + plate * Sin(tilt), 0, near};
Line(1) = {1, 2};
Line(2) = {2, 3};   // cathode
Line(3) = {3, 4};
Line(4) = {4, 1};   // anode
Line(5) = {5, 1};
Line(6) = {4, 6};
Line(7) = {6, 5};
Line(8) = {2, 7};
Line(9) = {7, 8};
Line(10) = {8, 3};
Curve Loop(1) = {1, 2, 3, 4};
Plane Surface(1) = {1};
Curve Loop(2) = {5, -4, 6, 7};
Plane Surface(2) = {2};
Curve Loop(3) = {8, 9, 10, -2};
Plane Surface(3) = {3};
e[] = Extrude {0, 0, depth} { Surface{1}; Layers{1}; Recombine; };
a[] = Extrude {0, 0, depth} { Surface{2}; Layers{1}; Recombine; };
c[] = Extrude {0, 0, depth} { Surface{3}; Layers{1}; Recombine; };
Physical Volume("electrolyte") = {e[1]};
Physical Volume("anode") = {a[1]};
Physical Volume("cathode") = {c[1]};
Physical Surface("anode_back") = {a[5]};
Physical Surface("cathode_back") = {c[3]};
